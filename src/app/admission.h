/*
 * admission: which clock a request comes from, and whether it is served.
 */
#ifndef CG_ADMISSION_H
#define CG_ADMISSION_H

#include "roster.h"

/* The serial that a request names; absent when there is none. */
struct cg_str	 cg_serial_of(const struct cg_req *);
/* The buckets of [limits], freed with the app. */
enum cg_err	 cg_paces_new(struct cg_app *) CG_MUST_USE;
/*
 * Is a request worth a look at the database?  CG_FLOOD: its serial, or its
 * address, comes too often; CG_DENIED: it comes from where no clock is.
 */
enum cg_err	 cg_screen(struct cg_app *, const struct cg_req *, struct cg_res *)
		    CG_MUST_USE;
#define CG_NOTE_NETWORK	"not admitted: outside the allowed networks"
/*
 * Find the clock that a request names; one that nobody knows is added, as
 * pending or, where the configuration says open, as active.  CG_OK: *out is
 * an active clock.  CG_SYNTAX: no good serial.  CG_DENIED: not admitted, and
 * when there is more to say, *why.  Statements are left uncommitted.
 */
enum cg_err	 cg_admit(struct cg_app *, const struct cg_req *,
		    struct cg_known **out, const char **why) CG_MUST_USE;
/* As above for who is answered all the same: NULL in *out unless it is active. */
enum cg_err	 cg_recognise(struct cg_app *, const struct cg_req *,
		    struct cg_known **out, const char **why) CG_MUST_USE;
/*
 * At most once a second: let go of what is known of clocks that somebody
 * changed.  While this fails nothing that is known may be trusted.
 */
enum cg_err	 cg_roster_refresh(struct cg_app *) CG_MUST_USE;
/* Write who was seen and is not written yet. */
enum cg_err	 cg_presence_write(struct cg_app *) CG_MUST_USE;
/* Keep what a handshake says of its clock. */
enum cg_err	 cg_announce(struct cg_app *, const struct cg_device *,
		    const struct cg_req *) CG_MUST_USE;
/* A request in the name of this clock is refused: counted. */
enum cg_err	 cg_refuse(struct cg_app *, struct cg_known *, enum cg_refused)
		    CG_MUST_USE;
/* The zone and the character set of a clock: its own, or the configuration's. */
const char	*cg_zone_of(const struct cg_app *, const struct cg_device *);
const char	*cg_charset_of(const struct cg_app *, const struct cg_device *);

#endif
