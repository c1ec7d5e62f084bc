/* The style and the script of a page: both are written into it, with their hashes in its content security policy. */
#ifndef TN_SHOW_HTML_ASSETS_H
#define TN_SHOW_HTML_ASSETS_H

extern const char html_style[], html_script[];

#endif
