/// Limits on the rate of actions: token buckets at each gateway, with the use by users shared between gateways.
@NullMarked
package chat.milena.ephemeral.rate;

import org.jspecify.annotations.NullMarked;
