# Clocks and lists, kept through the programs' own functions.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::StoreTest;

Clockgate::StoreTest::run('device');
