/// The commands that run one service of an installation as a process of its own.
@NullMarked
package chat.milena.standalone.service;

import org.jspecify.annotations.NullMarked;
