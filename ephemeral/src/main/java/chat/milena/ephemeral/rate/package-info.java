/// How often somebody may do something: token buckets at each gateway, and a user's messages shared between gateways.
@NullMarked
package chat.milena.ephemeral.rate;

import org.jspecify.annotations.NullMarked;
