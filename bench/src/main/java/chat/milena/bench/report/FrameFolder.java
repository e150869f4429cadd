package chat.milena.bench.report;

import chat.milena.bench.check.Fold;
import chat.milena.bench.check.Observer;
import chat.milena.bench.client.Outgoing;
import chat.milena.bench.client.SentMessage;
import chat.milena.bench.frame.About;
import chat.milena.bench.frame.ServerFrame;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Applies the frames of one connection to its messages, as docs/protocol.md says.
final class FrameFolder {
    private final Observer observer;

    FrameFolder(Observer observer) {
        this.observer = observer;
    }

    void message(ServerFrame.MessageNew message) {
        About thread = thread(message.about());
        apply(
                message.conversationId(),
                fold -> fold.message(
                        message.sequenceNumber(),
                        message.text(),
                        thread == null ? null : thread.messageId(),
                        thread == null ? 0 : thread.threadOrdinal()));
    }

    private void apply(String conversationId, Consumer<Fold> frame) {
        observer.fold(conversationId).apply(frame);
    }

    private static @Nullable About thread(@Nullable About about) {
        return about != null && about.inThread() ? about : null;
    }

    void missed(ServerFrame.Offline missed) {
        for (ServerFrame.Entry entry : missed.entries()) {
            ServerFrame.MessageNew message = entry.message(missed.conversationId());
            ServerFrame.Effect effect = entry.effect();
            if (message == null
                    && effect != null
                    && effect.revision() > 0
                    && entry.kind().equals("message.edited")) {
                apply(
                        missed.conversationId(),
                        fold -> fold.edited(entry.sequenceNumber(), effect.targetSequence(), effect.revision()));
            } else if (message == null) {
                other(missed.conversationId(), entry.sequenceNumber());
            } else {
                message(message);
            }
        }
    }

    void other(String conversationId, long number) {
        apply(conversationId, fold -> fold.other(number));
    }

    void changed(ServerFrame.TimelineChange change) {
        apply(change.conversationId(), fold -> changed(fold, change));
    }

    private static void changed(Fold fold, ServerFrame.TimelineChange change) {
        long number = change.sequenceNumbers().getLast();
        ServerFrame.Effect effect = change.effect();
        String text = change.text();
        if (effect == null) {
            fold.other(number);
        } else if (change.type().equals(ServerFrame.TimelineChange.HIDDEN)) {
            fold.hidden(number, effect.targetSequence());
        } else if (change.type().equals(ServerFrame.TimelineChange.RELEASED)) {
            fold.released(number, effect.targetSequence(), text, effect.revision(), effect.gathered());
        } else if (!effect.gathered().isEmpty()) {
            fold.gathered(change.sequenceNumbers(), effect.targetSequence(), effect.gathered());
        } else if (change.type().equals("message.deleted")) {
            fold.deleted(number, effect.targetSequence(), effect.revision());
        } else if (change.type().equals("message.updated") && text != null) {
            fold.edited(number, effect.targetSequence(), text, effect.revision());
        } else if (change.type().equals("message.reaction") && effect.emoji() != null) {
            fold.reacted(number, effect.targetSequence(), effect.emoji(), effect.count());
        } else {
            fold.other(number);
        }
    }

    /// An ack with `duplicate` has the number of an earlier frame or ack.
    void acked(ServerFrame.MessageAck ack, SentMessage sent) {
        if (ack.duplicate()) {
            return;
        }
        apply(ack.conversationId(), fold -> acked(fold, ack, sent));
    }

    private static void acked(Fold fold, ServerFrame.MessageAck ack, SentMessage sent) {
        long number = ack.sequenceNumber();
        switch (sent.what()) {
            case Outgoing.Message(String text, About about) -> {
                About thread = thread(about);
                fold.message(number, text, thread == null ? null : thread.messageId(), ack.threadOrdinal());
            }
            case Outgoing.Edit(String text) -> fold.ownEdit(number, ack.messageId(), text);
            case Outgoing.Deletion() -> fold.ownDeletion(number, ack.messageId());
            case Outgoing.Reaction(String emoji, boolean removed) ->
                fold.ownReaction(number, ack.messageId(), emoji, removed);
        }
    }
}
