/// The moderation application: judges messages by the rules of their tenants, after they were delivered.
@NullMarked
package chat.milena.topology.moderation;

import org.jspecify.annotations.NullMarked;
