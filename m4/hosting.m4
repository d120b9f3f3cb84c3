dnl The libraries as archives, for programs that need none of a host but the C
dnl library: HOSTING_LIBS, and the conditional HOSTING.

dnl CG_HOSTING_SORT(LIBS): those of the C library stay shared
AC_DEFUN([CG_HOSTING_SORT], [
for cg_lib in $1; do
	AS_CASE([$cg_lib],
	    [-lc|-lm|-ldl|-lrt|-lpthread], [cg_shared="$cg_shared $cg_lib"],
	    [cg_static="$cg_static $cg_lib"])
done
])

AC_DEFUN([CG_HOSTING], [
AC_CHECK_TOOL([STRIP], [strip], [:])
AC_ARG_VAR([HOSTING_LIBS], [linker flags of "make hosting-bundle"])
cg_static= cg_shared=
cg_mysql_static=`test -n "$PKG_CONFIG" &&
    "$PKG_CONFIG" --static --libs "$cg_mysql_from" 2>/dev/null`
CG_HOSTING_SORT([$FCGI_LIBS $MYSQL_LIBS $cg_mysql_static $INIPARSER_LIBS \
    $SODIUM_LIBS $JANSSON_LIBS])
AS_IF([test -z "$HOSTING_LIBS"],
    [HOSTING_LIBS="-Wl,-Bstatic$cg_static -Wl,-Bdynamic$cg_shared"])
AC_MSG_CHECKING([for all libraries as archives])
CG_LIB_TRY([HOSTING], [[#include <fcgiapp.h>
#include <jansson.h>
#include <sodium.h>
#ifdef HAVE_INIPARSER_INIPARSER_H
#include <iniparser/iniparser.h>
#else
#include <iniparser.h>
#endif
void *mysql_init(void *);]], [[json_decref(json_object());
iniparser_freedict(iniparser_load("/dev/null"));
return FCGX_IsCGI() + sodium_init() + (mysql_init(0) == 0);]],
    [cg_hosting=yes], [cg_hosting=no])
AS_IF([test "x$enable_sanitizers" != xno || test "x$enable_coverage" != xno],
    [cg_hosting=no])
AC_MSG_RESULT([$cg_hosting])
AC_CHECK_PROG([cg_zip], [zip], [yes], [no])
AC_CHECK_PROG([cg_objdump], [objdump], [yes], [no])
AS_IF([test $cg_zip = no || test $cg_objdump = no],
    [AC_MSG_NOTICE([no hosting bundle: zip or objdump is missing])
    cg_hosting=no])
AM_CONDITIONAL([HOSTING], [test $cg_hosting = yes])
])
