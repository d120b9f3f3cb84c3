# The rooms look down only: what each archive leaves to others to define.

use strict;
use warnings;
use Test::More;
use Clockgate::Lint qw(build report);

my @pure = qw(memchr bcmp memcmp memcpy memmove memset strchr strcmp strlen strncmp
    strnlen snprintf vsnprintf __assert_fail abort bsearch qsort);

# below: rooms that may be used.  allow: the only names from outside;
# deny: names from outside that must not be there.
my @rooms = (
	{ name => 'base',  below => [],
	  allow => [ @pure, qw(malloc calloc realloc free malloc_trim) ] },
	{ name => 'push',  below => [qw(base)], allow => [@pure] },
	{ name => 'store', below => [qw(base push)],
	  deny => qr/^(?:FCGX_|FCGI_|iniparser_|json_|iconv|getenv|secure_getenv
		|v?syslog|v?f?printf|puts|fputs|fputc|fwrite|perror|std(?:err|out)
		|f?open|openat|execl?|fork|exit)/x },
	{ name => 'app',   below => [qw(base push store)],
	  deny => qr/^(?:FCGX_|FCGI_|mysql_|mariadb_|json_|fork|exec|_?exit$)/ },
	{ name => 'web',   below => [qw(base push app)],
	  deny => qr/^(?:mysql_|mariadb_|json_|iniparser_|iconv|crypto_)/ },
);

# What the compiler adds by itself.
my $compiler = qr/^(?:_GLOBAL_OFFSET_TABLE_$|__stack_chk_fail|__tls_get_addr
    |__(?:asan|ubsan|lsan|sanitizer|sancov|gcov|llvm|start|stop)_
    |_?_?llvm_gcov|mangled)/x;

sub symbols
{
	my ($room, @options) = @_;
	my $archive = build() . "/libcg$room.a";
	my %found;

	open my $nm, '-|', 'nm', '-g', @options, $archive or return;
	while (<$nm>) {
		next unless /([A-Za-z])\s+(\S+)\s*$/;
		my $name = $2;
		$name =~ s/@.*//;
		$name =~ s/^__(?:isoc\d+_)?(\w+)_chk$/$1/ unless $name eq '__stack_chk_fail';
		$name =~ s/^__isoc\d+_//;
		$found{$name} = 1;
	}
	close $nm or return;
	return \%found;
}

my (%defined, %wanted);
for my $room (@rooms) {
	my $name = $room->{name};
	$defined{$name} = symbols($name, '--defined-only');
	$wanted{$name} = symbols($name, '--undefined-only');
	ok($defined{$name} && $wanted{$name}, "nm reads libcg$name.a");
	cmp_ok(scalar keys %{ $defined{$name} || {} }, '>', 0,
	    "libcg$name.a defines something");
}

sub home
{
	my ($symbol) = @_;
	return (grep { $defined{$_}{$symbol} } map { $_->{name} } @rooms)[0];
}

for my $room (@rooms) {
	my ($name, %below, %allow) = ($room->{name});
	@below{ @{ $room->{below} } } = ();
	@allow{ @{ $room->{allow} || [] } } = ();
	my (@up, @outside);
	for my $symbol (sort keys %{ $wanted{$name} }) {
		next if $symbol =~ $compiler || $defined{$name}{$symbol};
		my $home = home($symbol);
		if (defined $home) {
			push @up, "$symbol of $home" unless exists $below{$home};
		} elsif ($symbol =~ /^cg_/) {
			push @outside, "$symbol, which no room defines";
		} elsif ($room->{allow} ? !exists $allow{$symbol}
		    : $symbol =~ $room->{deny}) {
			push @outside, $symbol;
		}
	}
	report("$name uses only the rooms below it", @up);
	report("$name uses nothing from outside that it must not", @outside);
}

done_testing();
