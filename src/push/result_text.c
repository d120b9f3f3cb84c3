/*
 * What the codes of results mean (spec table 2.7, spec appendix 1, notes 2).
 */
#include "config.h"

#include "cg_push.h"

struct code {
	int32_t		 code;
	const char	*text;
};

/* clang-format off */
static const struct code common[] = {
	{ 0, "done" },
	{ -1, "a parameter is wrong, or there is nothing to send" },
	{ -2, "wrong operation" },
	{ -3, "reading or writing failed" },
	{ -4, "no such data" },
	{ -5, "no more space" },
	{ -6, "the data is not valid" },
	{ -9, "the template has another length than Size says" },
	{ -10, "no such user on the clock" },
	{ -11, "the format of the template is wrong" },
	{ -12, "the template is not valid" },
	{ -22, "the clock does not know this command" },
	{ -30, "the template is of another version of the algorithm" },
	{ -629, "the clock is for access control and has other commands" },
	{ -725, "nobody enrolled in time" },
	{ -1001, "the clock is full" },
	{ -1002, "the clock does not support this" },
	{ -1003, "it took too long, or a parameter is wrong" },
	{ -1004, "the data does not fit the settings of the clock" },
	{ -1005, "the clock is busy" },
	{ -1006, "the data is too long" },
	{ -1007, "the clock has no memory left" },
	{ -1008, "the clock could not fetch the data" },
};

static const struct code enroll[] = {
	{ 2, "this finger of the user is enrolled already" },
	{ 4, "enrolment failed: poor quality, or not the same finger three "
	  "times" },
	{ 5, "this fingerprint is enrolled already" },
	{ 6, "enrolment was cancelled" },
	{ 7, "the clock is busy and can't enrol" },
};

/* spec VI.7.9 */
static const struct code picture[] = {
	{ -1, "the clock does not support pictures" },
	{ -2, "the picture did not arrive; it may be too large" },
	{ -3, "a parameter is wrong" },
};

/* spec appendix 1, notes 7 */
static const struct code photo[] = {
	{ -1, "refused; newer clocks want the photo by Url" },
	{ -2, "the photo has another length than Size says" },
};

static const struct {
	const struct code	*code;
	size_t			 n;
	const char		*count;		/* what a positive number is */
} outcome[CG_OUTCOME__MAX] = {
	[CG_OUTCOME_PLAIN] = { NULL, 0, NULL },
	[CG_OUTCOME_ENROLL] = { enroll, CG_LEN(enroll), NULL },
	[CG_OUTCOME_PICTURE] = { picture, CG_LEN(picture), NULL },
	[CG_OUTCOME_PHOTO] = { photo, CG_LEN(photo), NULL },
	[CG_OUTCOME_BYTES] = { NULL, 0, "bytes" },
	[CG_OUTCOME_ROWS] = { NULL, 0, "records" },
};
/* clang-format on */

static enum cg_outcome
outcome_of(const struct cg_command *c)
{
	return c != NULL ? c->outcome : CG_OUTCOME_ROWS;
}

static const char *
find(const struct code *code, size_t n, int32_t number)
{
	for (size_t i = 0; i < n; i++)
		if (code[i].code == number)
			return code[i].text;
	return NULL;
}

bool
cg_result_ok(const struct cg_command *c, int32_t code)
{
	return code == 0 || (code > 0 && outcome[outcome_of(c)].count != NULL);
}

const char *
cg_result_text(const struct cg_command *c, int32_t code)
{
	enum cg_outcome o = outcome_of(c);
	const char *text = find(outcome[o].code, outcome[o].n, code);

	if (text == NULL && code > 0)
		text = outcome[o].count;
	if (text == NULL && code == CG_NONE)
		text = "no code came with the result";
	if (text == NULL)
		text = find(common, CG_LEN(common), code);
	return text != NULL ? text : "a code that nobody has told the "
	    "meaning of";
}
