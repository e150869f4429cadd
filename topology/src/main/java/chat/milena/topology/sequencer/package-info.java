/// The sequencer: a Streams application that handles each conversation in one place, in order, exactly once.
///
/// [chat.milena.topology.sequencer.SequencerProcessor] is the shell around
/// [chat.milena.conversation.rules.ConversationRules]: a [chat.milena.topology.command.CommandReader] before it,
/// a [chat.milena.topology.sequencer.ChangeWriter] after it. [chat.milena.topology.sequencer.SequencerTopology] is
/// the table of contents.
@NullMarked
package chat.milena.topology.sequencer;

import org.jspecify.annotations.NullMarked;
