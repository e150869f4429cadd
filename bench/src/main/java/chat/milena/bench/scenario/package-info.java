/// The loads of the command line: pairs, groups, a herd that reconnects together, slow readers, a mix; and their
/// output.
@NullMarked
package chat.milena.bench.scenario;

import org.jspecify.annotations.NullMarked;
