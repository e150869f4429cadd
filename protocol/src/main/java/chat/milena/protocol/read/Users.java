package chat.milena.protocol.read;

import chat.milena.protocol.conversation.UserView;
import java.util.List;

/// People, in the order in which they were named; whom the asker may not see is left out.
public record Users(List<UserView> users) {}
