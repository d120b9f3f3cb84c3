# What a clock holds by what it was told.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Clockgate::StoreTest;

Clockgate::StoreTest::run('effect');
