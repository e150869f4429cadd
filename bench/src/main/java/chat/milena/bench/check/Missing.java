package chat.milena.bench.check;

/// The numbers of one conversation that one connection never received.
record Missing(long lost, long gaps, long away) {}
