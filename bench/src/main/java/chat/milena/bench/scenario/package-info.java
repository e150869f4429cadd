/// The loads that can be asked for: pairs, groups, a herd that returns together, slow readers, a mix; and what each
/// printed.
@NullMarked
package chat.milena.bench.scenario;

import org.jspecify.annotations.NullMarked;
