/*
 * base: slices, capped buffers, the arena of a request batch, error codes,
 * strict numbers.  Knows no files, no clock, no globals.
 */
#ifndef CG_BASE_H
#define CG_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CG_LEN(array)	(sizeof(array) / sizeof((array)[0]))
#define CG_MUST_USE	__attribute__((warn_unused_result))
#define CG_PRINTF(f, a)	__attribute__((format(printf, f, a)))

/*
 * What a function can come back with.  Results go through out-pointers,
 * written only with CG_OK.
 */
enum cg_err {
	CG_OK,
	CG_STOP,	/* asked to end */
	CG_NOMEM,	/* the system has no memory left */
	CG_LIMIT,	/* larger than a limit of ours */
	CG_SYNTAX,	/* can't be read */
	CG_UNKNOWN,	/* no such thing */
	CG_METHOD,	/* the thing is known, not under this HTTP method */
	CG_DENIED,	/* not admitted */
	CG_FLOOD,	/* more often than one may */
	CG_TARGET,	/* the path or the query is larger than a limit of ours */
	CG_BUSY,	/* the database can't now: the transaction may be repeated */
	CG_DATA,	/* the database refuses this value: its row is at fault */
	CG_DB,		/* any other fault of the database */
	CG_SYS,		/* a fault of the system or of the configuration */
	CG_ERR__MAX
};

/* A short English text, never NULL. */
const char	*cg_err_text(enum cg_err);

/*
 * A slice of somebody else's bytes: not NUL-terminated, may hold NULs.
 * p == NULL means "absent", which is not the same as empty.
 */
struct cg_str {
	const char	*p;
	size_t		 n;
};

#define CG_STR(literal)	{ (literal), sizeof(literal) - 1 }	/* initialiser */
#define cg_lit(literal)	((struct cg_str)CG_STR(literal))	/* expression */

/* The slice of a C string; NULL gives the absent slice. */
struct cg_str	 cg_str_of(const char *);
bool		 cg_str_eq(struct cg_str, struct cg_str);
/* Equal but for the case of A-Z, whatever the locale. */
bool		 cg_str_ieq(struct cg_str, struct cg_str);
bool		 cg_str_starts(struct cg_str s, struct cg_str prefix);
bool		 cg_str_istarts(struct cg_str s, struct cg_str prefix);
/* No byte above 0x7f: the same under every character set that clocks have. */
bool		 cg_str_ascii(struct cg_str);
/* Which of n slices is equal to s; n when none is. */
size_t		 cg_str_index(const struct cg_str *, size_t n, struct cg_str s);
/* The offset of the first c, or s.n. */
size_t		 cg_str_chr(struct cg_str s, char c);
/* s from offset n on (n <= s.n), and the first n bytes of s. */
struct cg_str	 cg_str_from(struct cg_str s, size_t n);
struct cg_str	 cg_str_head(struct cg_str s, size_t n);
/* Without the blanks (space, TAB, CR, LF) at both ends. */
struct cg_str	 cg_str_trim(struct cg_str);
/*
 * Take what stands before the next sep off *rest into *piece.  The last
 * piece has no sep behind it; after it *rest is absent and the call gives
 * false.  "a,,b" has three pieces, "" has one, an absent slice none.
 */
bool		 cg_str_cut(struct cg_str *rest, char sep, struct cg_str *piece);
/*
 * Take the next line off *rest, without its LF or CRLF.  A last line need
 * not be ended, or half (a CR); an end does not start another line.  False
 * when none is left.
 */
bool		 cg_str_line(struct cg_str *rest, struct cg_str *line);
/* Digits only, at most max; CG_SYNTAX or CG_LIMIT otherwise. */
enum cg_err	 cg_str_u32(struct cg_str, uint32_t max, uint32_t *) CG_MUST_USE;
/* As above with an optional leading '-' (or '+'), within [min, max]. */
enum cg_err	 cg_str_i64(struct cg_str, int64_t min, int64_t max, int64_t *)
		    CG_MUST_USE;
enum cg_err	 cg_str_i32(struct cg_str, int32_t min, int32_t max, int32_t *)
		    CG_MUST_USE;

/*
 * Memory of one batch of requests: handed out in pieces, given back all at
 * once.  The bytes are not zeroed.
 */
struct cg_arena;

/* An arena of at most max bytes; the caller frees it. */
enum cg_err	 cg_arena_new(size_t max, struct cg_arena **) CG_MUST_USE;
void		 cg_arena_free(struct cg_arena *);
/* n bytes aligned for any type, or NULL when max would be passed. */
void		*cg_arena_get(struct cg_arena *, size_t n) CG_MUST_USE;
/* A NUL-terminated copy of s, or NULL. */
char		*cg_arena_dup(struct cg_arena *, struct cg_str s) CG_MUST_USE;
/* The same as a slice in *out; false without memory. */
bool		 cg_arena_keep(struct cg_arena *, struct cg_str s, struct cg_str *out)
		    CG_MUST_USE;
/*
 * Remember how far the arena is used, and go back to there: what was handed
 * out since is gone.
 */
struct cg_mark {
	void	*newest;
	void	*open;
	size_t	 open_used;
	size_t	 used;
};

struct cg_mark	 cg_arena_mark(const struct cg_arena *);
void		 cg_arena_back(struct cg_arena *, struct cg_mark);
/* Everything handed out is gone; large blocks go back to the system. */
void		 cg_arena_reset(struct cg_arena *);
size_t		 cg_arena_used(const struct cg_arena *);

/*
 * Where programs that only tests build let the n-th call fail, see
 * tests/fault/inject.c.  In all others these are nothing.
 */
enum cg_fault { CG_FAULT_ARENA, CG_FAULT_STORE };

#ifdef CG_FAULT_INJECTION
bool		 cg_fault(enum cg_fault);	/* is this the call? */
int		 cg_fault_done(int result);	/* or was it, only its answer is lost? */
unsigned	 cg_fault_number(unsigned);	/* the error that it is for MySQL's client */
#else
#define cg_fault(where)		false
#define cg_fault_done(result)	(result)
#define cg_fault_number(number)	(number)
#endif

/*
 * Output of bounded size.  Once something does not fit, nothing more is
 * written and full stays true: the caller asks once, at the end.
 */
struct cg_buf {
	char	*p;
	size_t	 n;
	size_t	 cap;
	bool	 full;
};

/* A buffer over cap bytes of the arena; without memory it is full at once. */
void		 cg_buf_init(struct cg_buf *, struct cg_arena *, size_t cap);
void		 cg_buf_put(struct cg_buf *, struct cg_str);
void		 cg_buf_putz(struct cg_buf *, const char *);
void		 cg_buf_putu(struct cg_buf *, uint64_t);	/* in decimal */
void		 cg_buf_putf(struct cg_buf *, const char *fmt, ...)
		    CG_PRINTF(2, 3);
struct cg_str	 cg_buf_str(const struct cg_buf *);

#endif
