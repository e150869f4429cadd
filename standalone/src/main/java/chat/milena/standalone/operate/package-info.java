/// The commands of an operator, on a running system or a stopped data folder: tokens, topics, views, dead letters,
/// push, rules of moderation, rates, and why a user may not do something.
@NullMarked
package chat.milena.standalone.operate;

import org.jspecify.annotations.NullMarked;
