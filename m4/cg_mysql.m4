dnl The MySQL client, MariaDB's or MySQL's: what --with-mysql names, else
dnl pkg-config, else the program that tells its flags.

dnl CG_MYSQL_CONFIG(PROGRAM)
AC_DEFUN([CG_MYSQL_CONFIG], [
MYSQL_CFLAGS=`$1 --include 2>/dev/null || $1 --cflags`
MYSQL_LIBS=`$1 --libs`
cg_mysql_from=$1
])

dnl CG_MYSQL_DIR(DIR)
AC_DEFUN([CG_MYSQL_DIR], [
cg_mysql_from=$1
for cg_dir in mysql mariadb .; do
	AS_IF([test -f "$1/include/$cg_dir/mysql.h"],
	    [MYSQL_CFLAGS="-I$1/include/$cg_dir"; break])
done
for cg_name in mariadb mysqlclient; do
	for cg_file in "$1"/lib*/lib$cg_name.so "$1"/lib*/*/lib$cg_name.so \
	    "$1"/lib*/lib$cg_name.a "$1"/lib*/*/lib$cg_name.a; do
		AS_IF([test -f "$cg_file" && test -z "$MYSQL_LIBS"],
		    [cg_dir=`AS_DIRNAME(["$cg_file"])`
		    MYSQL_LIBS="-L$cg_dir -Wl,-rpath,$cg_dir -l$cg_name"])
	done
done
])

AC_DEFUN([CG_MYSQL_FIND], [
AS_IF([test -n "$PKG_CONFIG"],
    [for cg_name in libmariadb mariadb mysqlclient; do
	AS_IF(["$PKG_CONFIG" --exists $cg_name 2>/dev/null],
	    [MYSQL_CFLAGS=`"$PKG_CONFIG" --cflags $cg_name`
	    MYSQL_LIBS=`"$PKG_CONFIG" --libs $cg_name`
	    cg_mysql_from=$cg_name
	    break])
    done])
AS_IF([test -z "$MYSQL_LIBS"],
    [for cg_name in mariadb_config mysql_config; do
	AS_IF([command -v $cg_name >/dev/null 2>&1],
	    [CG_MYSQL_CONFIG([$cg_name])
	    break])
    done])
])

AC_DEFUN([CG_MYSQL], [
AC_ARG_WITH([mysql], [AS_HELP_STRING([--with-mysql=DIR],
    [the MySQL or MariaDB client in DIR/include and DIR/lib])],
    [], [with_mysql=yes])
AC_ARG_VAR([MYSQL_CFLAGS], [compiler flags of the MySQL client])
AC_ARG_VAR([MYSQL_LIBS], [linker flags of the MySQL client])
AC_MSG_CHECKING([for the MySQL client])
AS_CASE(["$with_mysql"],
    [no], [AC_MSG_ERROR([the MySQL client can not be done without])],
    [yes], [AS_IF([test -n "$MYSQL_CFLAGS$MYSQL_LIBS"],
	[cg_mysql_from="as told"], [CG_MYSQL_FIND])],
    [MYSQL_CFLAGS= MYSQL_LIBS=
    CG_MYSQL_DIR(["$with_mysql"])])
CG_LIB_TRY([MYSQL], [[#include <mysql.h>]], [[return mysql_init(0) == 0;]],
    [AC_MSG_RESULT([$cg_mysql_from])],
    [AC_MSG_RESULT([no])
    AS_IF([test "x$with_mysql" != xyes],
	[AC_MSG_ERROR([no MySQL client in $with_mysql (include/mysql.h, lib/libmariadb or lib/libmysqlclient)])])
    CG_LIB_MISSING([the MySQL client], [libmariadb-dev])])
])
