/*
 * Who else can get at a file: other users of the machine must be able neither
 * to change what the programs are told nor to read a secret.  And who can't,
 * although he must.
 */
#include "config.h"

#include "conf_priv.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The directory of a file, "." for a bare name; false: its name is too long. */
static bool
directory_of(const char *file, char dir[PATH_MAX])
{
	const char *slash = strrchr(file, '/');
	size_t n = slash == NULL ? 0 : slash == file ? 1 : (size_t)(slash - file);

	if (n >= PATH_MAX)
		return false;
	memcpy(dir, slash != NULL ? file : ".", slash != NULL ? n : 1);
	dir[slash != NULL ? n : 1] = '\0';
	return true;
}

/* With the sticky bit, as /tmp has it, only the owner replaces a file. */
static bool
others_replace(const char *dir)
{
	struct stat st;

	return stat(dir, &st) == 0 && (st.st_mode & S_IWOTH) != 0 &&
	    (st.st_mode & S_ISVTX) == 0;
}

enum cg_err
conf_guard(const char *file, FILE *f, const char *secret, char msg[CG_MSG_MAX])
{
	char dir[PATH_MAX];
	struct stat st;

	if (fstat(fileno(f), &st) != 0 || !directory_of(file, dir))
		snprintf(msg, CG_MSG_MAX, "%s: can't be looked at", file);
	else if (secret != NULL && (st.st_mode & S_IROTH) != 0)
		snprintf(msg, CG_MSG_MAX, "%s: %s: other users of this machine can "
		    "read it; type: chmod o= %s", file, secret, file);
	else if ((st.st_mode & S_IWOTH) != 0)
		snprintf(msg, CG_MSG_MAX, "%s: other users of this machine can "
		    "write it; type: chmod o-w %s", file, file);
	else if (others_replace(dir))
		snprintf(msg, CG_MSG_MAX, "%s: other users of this machine can "
		    "replace it; type: chmod o-w %.300s", file, dir);
	else
		return CG_OK;
	return CG_SYS;
}

enum cg_err
conf_not_opened(const char *file, const char *what, const char *cure,
    char msg[CG_MSG_MAX])
{
	int why = errno;
	const struct passwd *user = why == EACCES ? getpwuid(geteuid()) : NULL;

	if (user != NULL)
		snprintf(msg, CG_MSG_MAX, "%s: %sthe user %s may not read it; let "
		    "a group of that user, type: chgrp GROUP and chmod g+r %s",
		    file, what, user->pw_name, file);
	else
		snprintf(msg, CG_MSG_MAX, "%s: %s%s; %s", file, what,
		    strerror(why), cure);
	return CG_SYS;
}
