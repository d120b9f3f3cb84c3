/*
 * The two ways to a web server, FastCGI and plain CGI, as one.
 */
#ifndef CG_WEB_PRIVATE_H
#define CG_WEB_PRIVATE_H

#include "cg_web.h"

/* One request's connection to the web server. */
struct cg_gate {
	const char	*(*param)(void *ctx, const char *name);	/* NULL: not set */
	size_t		 (*read)(void *ctx, char *, size_t);	/* fewer bytes: the end */
	void		 (*write)(void *ctx, struct cg_str);
	void		*ctx;
	bool		 ends;		/* reading comes to an end without a length, too */
};

/* Fill req from the gate.  What is wrong with it stands in req->fault. */
void	 cg_gate_read(const struct cg_gate *, const struct cg_conf *,
	    struct cg_arena *, struct cg_req *);
/* Write the reply: header block and body. */
void	 cg_gate_reply(const struct cg_gate *, const struct cg_res *);
int	 cg_status_of(enum cg_err);

/* Serve requests of a FastCGI socket on descriptor 0 until asked to end. */
enum cg_err	 cg_fcgi_serve(struct cg_app *, struct cg_arena *) CG_MUST_USE;
bool		 cg_fcgi_is_socket(void);
/* Serve the one request of a plain CGI program. */
void	 cg_cgi_serve(struct cg_app *, struct cg_arena *);
/* Answer it with 503: the program can't even start. */
void	 cg_cgi_fail(void);
/* The one log line of a request. */
void	 cg_log_request(struct cg_app *, const struct cg_req *,
	    const struct cg_res *, long ms);

#endif
