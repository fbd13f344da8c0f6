//go:build linux && (production || dev)

// GTK and everything beneath it belongs to the thread of its main loop. Wails' own
// WindowSetSize asks it from whatever thread it is called on: at the start, while the
// loop lays out and paints for the first time, that leaves a window which is never
// painted. So the size is handed to the loop.
#include <gtk/gtk.h>

static gboolean resize_there(gpointer data) {
	gint *size = data;
	GList *windows = gtk_window_list_toplevels();
	for (GList *w = windows; w; w = w->next) {
		GtkWindow *window = GTK_WINDOW(w->data);
		// The program's only window; its dialogs stand above it.
		if (gtk_window_get_window_type(window) == GTK_WINDOW_TOPLEVEL && !gtk_window_get_transient_for(window))
			gtk_window_resize(window, size[0], size[1]);
	}
	g_list_free(windows);
	g_free(size);
	return G_SOURCE_REMOVE;
}

// resize_window sets the window's size once the loop comes to it, in the order in which
// Wails' other calls come to it.
void resize_window(int width, int height) {
	gint *size = g_new(gint, 2);
	size[0] = width;
	size[1] = height;
	g_idle_add(resize_there, size);
}
