//go:build linux && e2e

// Lets a WebDriver steer the window: the web view is made as one that automation
// controls. And ends a program that sets the window's size from a thread to which GTK
// does not belong, which otherwise harms one start in hundreds. The program's own
// functions of these names win over the shared libraries'.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <webkit2/webkit2.h>

static WebKitWebView *e2e_view;

static WebKitWebView *e2e_create_web_view(WebKitAutomationSession *session, gpointer data) { return e2e_view; }

static void e2e_started(WebKitWebContext *context, WebKitAutomationSession *session, gpointer data) {
	WebKitApplicationInfo *info = webkit_application_info_new();
	webkit_application_info_set_name(info, "Mailroom");
	webkit_application_info_set_version(info, 1, 0, 0);
	webkit_automation_session_set_application_info(session, info);
	webkit_application_info_unref(info);
	g_signal_connect(session, "create-web-view", G_CALLBACK(e2e_create_web_view), NULL);
}

GtkWidget *webkit_web_view_new_with_user_content_manager(WebKitUserContentManager *manager) {
	WebKitWebContext *context = webkit_web_context_get_default();
	webkit_web_context_set_automation_allowed(context, TRUE);
	g_signal_connect(context, "automation-started", G_CALLBACK(e2e_started), NULL);
	e2e_view = WEBKIT_WEB_VIEW(g_object_new(WEBKIT_TYPE_WEB_VIEW, "user-content-manager", manager,
						"is-controlled-by-automation", TRUE, NULL));
	return GTK_WIDGET(e2e_view);
}

void gtk_window_resize(GtkWindow *window, gint width, gint height) {
	if (!g_main_context_is_owner(g_main_context_default())) {
		g_printerr("gtk_window_resize: called away from the thread of GTK's main loop\n");
		abort();
	}
	void (*resize)(GtkWindow *, gint, gint) = (void (*)(GtkWindow *, gint, gint))dlsym(RTLD_NEXT, "gtk_window_resize");
	if (!resize) abort();
	resize(window, width, height);
}
