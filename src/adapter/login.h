/* A login by a person with a browser, where a source demands one every day or week: the address to open, and what the
 * address to which the browser is sent afterwards is exchanged for. */
#ifndef TN_ADAPTER_LOGIN_H
#define TN_ADAPTER_LOGIN_H

#include "adapter/adapter.h"

/* Append the address to open. EXIT_CREDENTIALS when a secret that it needs is missing. */
int login_address(struct adapter *adapter, const char *redirect, struct buf *address, struct error *error);
/* Exchange the code in `sent`, the address to which the browser was sent, for the secret `adapter->login.keeps`, which
 * is then among the adapter's. EXIT_INPUT when there is no code in it, EXIT_CREDENTIALS when the server does not take
 * it. */
int login_take(struct adapter *adapter, struct http *http, struct str sent, struct error *error);
/* Replace the secret of that name in the text of a secret file, or add it: "NAME = TEXT" lines. */
void login_rewrite(struct str file, const char *name, const char *secret, struct buf *out);

#endif
