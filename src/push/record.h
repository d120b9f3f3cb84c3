/*
 * Inside push: how the rows of upload tables are described and read.
 *
 * A struct cg_field says where a value of a row goes; a struct cg_tag says
 * what rows with one tag look like.  All descriptors are in tables.c: adding
 * a field, a tag or a table is adding a row there.
 */
#ifndef CG_PUSH_RECORD_H
#define CG_PUSH_RECORD_H

#include "cg_push.h"

/* What goes to columns of the type TEXT. */
#define CG_TEXT_MAX	65535
/* Bytes of a line that holds neither a template nor a picture. */
#define CG_LINE_MAX	65536
#define CG_PIN_MAX	32
#define CG_COLUMNS_MAX	17
#define CG_ITEM_KEYS	2

enum cg_field_type {
	CG_FIELD_TEXT,		/* struct cg_str, at most max bytes */
	CG_FIELD_PIN,		/* the same without blanks around, not empty */
	CG_FIELD_BODY,		/* struct cg_str, as long as the line allows */
	CG_FIELD_INT,		/* int32_t, min to max */
	CG_FIELD_TIME,		/* struct cg_moment */
	CG_FIELD_EXTRA		/* goes to extra under its name, unless empty */
};

struct cg_field {
	const char		*name;
	enum cg_field_type	 type;
	bool			 required;
	size_t			 offset;	/* in the member of cg_record.u */
	int32_t			 min;
	int32_t			 max;
	int32_t			 none;	/* a number that is missing or empty */
};

/* Where the key fields of an item go while its key is put together. */
struct cg_item_keys {
	struct cg_str	 key[CG_ITEM_KEYS];
};

/* Lines of this many columns and more, up to the next layout of the tag. */
struct cg_layout {
	size_t			 from;
	const struct cg_field	*field;		/* column by column */
	size_t			 nfield;
};

enum cg_shape {
	CG_SHAPE_COLUMNS,	/* values by place */
	CG_SHAPE_KEYED,		/* Name=value */
	CG_SHAPE_ITEM,		/* Name=value, kept as sent under a key */
	CG_SHAPE_EVENT		/* kept as sent */
};

struct cg_tag {
	struct cg_str		 name;		/* "": the lines have no tag */
	enum cg_record_kind	 kind;
	enum cg_shape		 shape;
	const struct cg_field	*field;		/* KEYED and ITEM */
	size_t			 nfield;
	const struct cg_layout	*layout;	/* COLUMNS */
	size_t			 nlayout;
	uint32_t		 closing;	/* COLUMNS: bit n: a TAB may end n - 1 columns */
	size_t			 extra;		/* offset of the field extra */
	size_t			 fixed_at;	/* KEYED: an int that the tag implies */
	int32_t			 fixed;		/* CG_NONE: it implies none */
};

extern const struct cg_upload	 cg_upload_unknown;

/* The upload table of that name, in any case, or NULL. */
const struct cg_upload	*cg_upload_row(struct cg_str name);
/* The row of all tags that may stand before a line, in any case, or NULL. */
const struct cg_tag	*cg_tag_find(struct cg_str name);

/* Fill *why and give CG_SYNTAX, so that a caller may return it. */
enum cg_err	 cg_why_syntax(struct cg_why *, const char *text,
		    const char *field);
/* The same with CG_LIMIT. */
enum cg_err	 cg_why_limit(struct cg_why *, const char *text,
		    const char *field);

/* What has no field.  Without memory its bytes are only counted. */
struct cg_spare {
	char	*p;
	size_t	 n;
};

/* With a TAB before all but the first; nothing of an empty one. */
void		 cg_spare_piece(struct cg_spare *, struct cg_str);
/* The piece Name=value, unless the value is empty. */
void		 cg_spare_pair(struct cg_spare *, struct cg_str name,
		    struct cg_str value);
/* Memory for what was counted: the next round writes it. */
enum cg_err	 cg_spare_room(struct cg_spare *, struct cg_arena *,
		    struct cg_why *) CG_MUST_USE;

/* Read what stands behind the tag of a line. */
enum cg_err	 cg_record_read(const struct cg_tag *, struct cg_str line,
		    struct cg_arena *, struct cg_record *, struct cg_why *)
		    CG_MUST_USE;
/* Put one value where its field says. */
enum cg_err	 cg_field_set(const struct cg_field *, struct cg_str value,
		    void *base, struct cg_why *) CG_MUST_USE;

/* Pieces of table=options, and what one of them is. */
bool		 cg_device_option_cut(struct cg_str *rest, struct cg_str *piece);
enum cg_err	 cg_device_option_read(struct cg_str piece, struct cg_record *,
		    struct cg_why *) CG_MUST_USE;

/* The body of table=ATTPHOTO. */
enum cg_err	 cg_photo_read(struct cg_str body, const struct cg_query *,
		    struct cg_arena *, struct cg_record *, struct cg_why *)
		    CG_MUST_USE;
/* Does this line begin a photo's header? */
bool		 cg_photo_begins(struct cg_str line);

#endif
