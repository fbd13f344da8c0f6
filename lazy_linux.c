//go:build linux && production

// The window's libraries (GTK, WebKit) are not loaded with the program but when the
// window opens: build/lazy takes their names out of the finished file. So the verbs
// start without them, on machines too that do not have them.
#include <dlfcn.h>
#include <stdlib.h>

static void *window_libraries;

// load_window loads the libraries, from where the program's calls then find them. It
// returns NULL or what is missing. WebKit needs all the others, so it brings them along.
const char *load_window(void) {
	window_libraries = dlopen("libwebkit2gtk-4.1.so.0", RTLD_NOW | RTLD_GLOBAL);
	return window_libraries ? NULL : dlerror();
}

// Calls are bound when they are made, but where a function's address is taken the
// loader wants the function at the start. Of the window's libraries that happens to
// these two; build/lazy tells if there are others.

int gtk_widget_hide_on_delete(void *widget) {
	int (*hide)(void *) = (int (*)(void *))dlsym(window_libraries, "gtk_widget_hide_on_delete");
	return hide ? hide(widget) : 0;
}

// GLib allocates with malloc and frees with free since 2.46.
void g_free(void *memory) { free(memory); }
