package chat.milena.topology.users;

import chat.milena.schemas.avro.ChangeDevice;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.UserKey;
import java.time.Instant;
import org.apache.kafka.streams.state.KeyValueStore;

/// Decides which device has an address: the one that registered it last, of any user. Claims of one address
/// come here one after the other, in any order of their registrations. For the stream thread.
///
/// A claim that loses, now or later, has its registration removed by a command to its user, in the same
/// transaction. The command names the moment of that registration, so a later one of the same device stays.
final class AddressClaims {
    /// No tenant has this name, so no key of a user is the key of an address.
    private static final String NO_TENANT = "";

    private final UserOutput output;
    private final KeyValueStore<UserKey, Device> owners;

    AddressClaims(UserOutput output) {
        this.output = output;
        this.owners = output.store(UserStores.ADDRESSES);
    }

    /// The key of an address in the log of commands.
    static UserKey key(String addressHash) {
        return new UserKey(NO_TENANT, addressHash);
    }

    /// Handles a claim, or the release of an earlier one.
    void apply(InboundCommand inbound, Instant now) {
        ChangeDevice claim = inbound.getDevice();
        UserKey address = key(claim.getAddressHash());
        Device owner = owners.get(address);
        Device claimant = new Device(
                inbound.getTenant(), inbound.getUserId(), claim.getDeviceId(), claim.getRegisteredUpTo(), null, null);
        boolean isOwner = owner != null && isSame(owner, claimant);
        boolean isLater = owner == null || !claimant.getCreatedAt().isBefore(owner.getCreatedAt());
        if (claim.getUnregisters()) {
            if (isOwner && isLater) {
                owners.delete(address);
            }
        } else if (isLater) {
            owners.put(address, claimant);
            if (owner != null && !isOwner) {
                unregister(owner, claim.getAddressHash(), now);
            }
        } else if (!isOwner) {
            unregister(claimant, claim.getAddressHash(), now);
        }
    }

    private static boolean isSame(Device one, Device other) {
        return one.getTenant().equals(other.getTenant())
                && one.getUserId().equals(other.getUserId())
                && one.getDeviceId().equals(other.getDeviceId());
    }

    private void unregister(Device loser, String addressHash, Instant now) {
        UserKey user = new UserKey(loser.getTenant(), loser.getUserId());
        InboundCommand command = UserOutput.device(user, now);
        command.setDevice(ChangeDevice.newBuilder()
                .setDeviceId(loser.getDeviceId())
                .setUnregisters(true)
                .setAddressHash(addressHash)
                .setRegisteredUpTo(loser.getCreatedAt())
                .build());
        output.emit(UserTopology.AGAIN, user, command, now);
    }
}
