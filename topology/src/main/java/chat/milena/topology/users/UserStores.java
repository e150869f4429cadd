package chat.milena.topology.users;

import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.avro.Warnings;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.BlockKey;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.KeySerde;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.wire.AvroSerde;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.streams.run.CheckedStores;
import chat.milena.streams.run.StoreDamage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The processor's own state: everything about a user that decisions need, in RocksDB, each store with a
/// changelog.
final class UserStores {
    /// User → profile.
    static final String PROFILES = "profiles";

    /// (User, whom they have blocked) → since when.
    static final String BLOCKS = "blocks";

    /// (User, device) → registration for push, or sign-out.
    static final String DEVICES = "devices";

    /// Address of a registration → the device that has it, and since when.
    static final String ADDRESSES = "push-addresses";

    /// User → the warnings that they are still to be shown.
    static final String WARNINGS = "warnings";

    /// (Tenant, user, conversation) → their ban.
    static final String BANS = "bans";

    private UserStores() {}

    static Set<StoreBuilder<?>> builders(SchemaIds ids, StoreDamage damage) {
        return new LinkedHashSet<>(List.of(
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(PROFILES, damage),
                        new KeySerde<>(UserKey::fromBytes),
                        new AvroSerde<>(User.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(BLOCKS, damage),
                        new KeySerde<>(BlockKey::fromBytes),
                        new AvroSerde<>(Block.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(DEVICES, damage),
                        new KeySerde<>(DeviceKey::fromBytes),
                        new AvroSerde<>(Device.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(ADDRESSES, damage),
                        new KeySerde<>(UserKey::fromBytes),
                        new AvroSerde<>(Device.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(WARNINGS, damage),
                        new KeySerde<>(UserKey::fromBytes),
                        new AvroSerde<>(Warnings.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(BANS, damage),
                        new KeySerde<>(BanKey::fromBytes),
                        new AvroSerde<>(Ban.class, ids))));
    }
}
