// A library needs a source; what is wanted of these is the header that they precompile.
