package chat.milena.ephemeral.rate;

import chat.milena.schemas.avro.ChangeMembers;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.CreateConversation;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.MarkReceipt;
import chat.milena.schemas.avro.Message;
import java.util.List;
import java.util.stream.IntStream;

/// Commands as gateways make them, as far as their cost depends on them.
final class Commands {
    private Commands() {}

    static InboundCommand message(String text) {
        InboundCommand command = new InboundCommand();
        command.setMessage(new Message("m1", new Content("text", text, null, null, null), null, null, null));
        return command;
    }

    static InboundCommand message() {
        return message("hi");
    }

    static InboundCommand group(int others) {
        InboundCommand command = new InboundCommand();
        command.setConversation(new CreateConversation("group", "friends", people(others), null));
        return command;
    }

    static InboundCommand adding(int people) {
        InboundCommand command = new InboundCommand();
        command.setMembers(new ChangeMembers(people(people), null));
        return command;
    }

    static InboundCommand receipt(int messages) {
        InboundCommand command = new InboundCommand();
        command.setReceipt(new MarkReceipt(
                1L, IntStream.range(0, messages).mapToObj(i -> "m" + i).toList(), null, null, null));
        return command;
    }

    static List<String> people(int count) {
        return IntStream.range(0, count).mapToObj(i -> "u" + i).toList();
    }
}
