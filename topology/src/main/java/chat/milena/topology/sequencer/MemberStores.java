package chat.milena.topology.sequencer;

import org.apache.kafka.streams.processor.api.ProcessorContext;

/// The state of users in conversations beside their memberships, each read only where it is needed.
record MemberStores(
        ReceiptStore receipts, Departures departures, PersonalStore personal, BlockMarks blocks, FollowStore follows) {

    static MemberStores of(ProcessorContext<?, ?> context) {
        return new MemberStores(
                new ReceiptStore(context),
                new Departures(context),
                new PersonalStore(context),
                new BlockMarks(context),
                new FollowStore(context));
    }
}
