package org.apache.kafka.streams.state.internals;

import chat.milena.streams.run.StoreDamage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.jspecify.annotations.Nullable;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.RocksDBException;

/// A RocksDB store that detects damage at opening and at reading, and is then deleted; see [CheckedAccess].
public final class CheckedStore extends RocksDBStore {
    private final StoreDamage damage;
    private @Nullable TaskId task;

    public CheckedStore(String name, String metricsScope, StoreDamage damage) {
        super(name, metricsScope);
        this.damage = damage;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        task = context.taskId();
        super.init(context, root);
    }

    @Override
    void openDB(Map<String, Object> configs, File stateDir) {
        open(this, task, damage, () -> super.openDB(configs, stateDir));
    }

    @Override
    void restoreBatch(Collection<ConsumerRecord<byte[], byte[]>> records) {
        try {
            super.restoreBatch(records);
        } catch (ProcessorStateException e) {
            throw StoreDamage.isDamage(e) ? damage.met(task, name(), e) : e;
        }
    }

    @Override
    public synchronized void close() {
        super.close();
        if (task != null && damage.isMarked(task, name())) {
            delete(this, task, damage);
        }
    }

    /// The store behind the layers that Kafka Streams puts around it.
    public static CheckedStore of(StateStore layered) {
        StateStore store = layered;
        while (store instanceof WrappedStateStore<?, ?, ?> layer) {
            store = layer.wrapped();
        }
        if (store instanceof CheckedStore checked) {
            return checked;
        }
        throw new IllegalArgumentException("the store " + layered.name() + " is none of RocksDB");
    }

    /// Lets RocksDB rewrite, in threads of its own, what it wrote longer ago than `age`, so that replaced and
    /// deleted values leave the disk. What is in memory is flushed first: it says which values were replaced.
    ///
    /// RocksDB looks for old files only when files change, or when this option is set.
    public synchronized void rewrite(Duration age) {
        try {
            dbAccessor.flush(db.getDefaultColumnFamily());
            db.setOptions(MutableColumnFamilyOptions.builder()
                    .setPeriodicCompactionSeconds(age.toSeconds())
                    .build());
        } catch (RocksDBException e) {
            throw new ProcessorStateException("Error while rewriting store " + name(), e);
        }
    }

    /// Opens a store. A damaged store that cannot be opened is deleted first.
    static void open(RocksDBStore store, TaskId task, StoreDamage damage, Runnable opening) {
        try {
            opening.run();
        } catch (ProcessorStateException e) {
            if (!StoreDamage.isDamage(e)) {
                throw e;
            }
            damage.met(task, store.name(), e.getCause() == null ? e : e.getCause());
            delete(store, task, damage);
            opening.run();
        }
        if (store.isTransactional) {
            store.close();
            throw new ConfigException(
                    StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG,
                    true,
                    "checked stores do not commit what is staged (ADR 13)");
        }
        store.dbAccessor = new CheckedAccess(store.dbAccessor, store.db, task, store.name(), damage);
    }

    private static void delete(RocksDBStore store, TaskId task, StoreDamage damage) {
        try {
            Utils.delete(store.dbDir);
            damage.deleted(task, store.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
