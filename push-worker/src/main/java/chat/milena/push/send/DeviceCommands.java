package chat.milena.push.send;

import chat.milena.schemas.avro.ChangeDevice;
import chat.milena.schemas.avro.CommandOrigin;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.CommandKind;
import java.time.Instant;

/// Makes the commands by which push changes registrations. Pure.
final class DeviceCommands {
    private static final String NOBODY = "";

    private DeviceCommands() {}

    /// A command whose outcome nobody waits for.
    static InboundCommand of(DeviceKey device, ChangeDevice change, Instant now) {
        InboundCommand command = new InboundCommand();
        command.setTenant(device.user().tenant());
        command.setConversationId("");
        command.setUserId(device.user().userId());
        command.setKind(CommandKind.USER_DEVICE.word());
        command.setActorKind(ActorKind.SYSTEM.word());
        command.setOrigin(new CommandOrigin(NOBODY, NOBODY, 0L));
        command.setAcceptedAt(now);
        command.setDevice(change);
        return command;
    }
}
