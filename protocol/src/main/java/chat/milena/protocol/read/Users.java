package chat.milena.protocol.read;

import chat.milena.protocol.conversation.UserView;
import java.util.List;

/// Users, in the order of the request. Users whom the caller may not see are left out.
public record Users(List<UserView> users) {}
