/// Asks the classifiers of tenants about messages, by webhooks, and has the sequencer carry out what they say.
@NullMarked
package chat.milena.push.classify;

import org.jspecify.annotations.NullMarked;
