package org.apache.kafka.streams.state.internals;

import chat.milena.streams.run.StoreDamage;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.TaskId;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// How a store reaches RocksDB: as in Kafka Streams, except that damage stops the thread that finds it.
///
/// An iterator of RocksDB ends at a damaged block as it does at the end, and only its status shows the difference.
/// Kafka Streams does not check the status. This class always checks the status of an iterator that has ended.
///
/// In this package because the classes of Kafka Streams are package-private.
record CheckedAccess(RocksDBStore.DBAccessor access, RocksDB db, TaskId task, String store, StoreDamage damage)
        implements RocksDBStore.DBAccessor {

    private RuntimeException checked(RocksDBException failure) throws RocksDBException {
        if (StoreDamage.isDamage(failure)) {
            return damage.met(task, store, failure);
        }
        throw failure;
    }

    @Override
    public byte[] get(ColumnFamilyHandle family, byte[] key) throws RocksDBException {
        try {
            return access.get(family, key);
        } catch (RocksDBException e) {
            throw checked(e);
        }
    }

    @Override
    public byte[] get(ColumnFamilyHandle family, ReadOptions options, byte[] key) throws RocksDBException {
        try {
            return access.get(family, options, key);
        } catch (RocksDBException e) {
            throw checked(e);
        }
    }

    @Override
    public RocksIterator newIterator(ColumnFamilyHandle family) {
        return new CheckedIterator(access.newIterator(family));
    }

    @Override
    public void put(ColumnFamilyHandle family, byte[] key, byte[] value) throws RocksDBException {
        try {
            access.put(family, key, value);
        } catch (RocksDBException e) {
            throw checked(e);
        }
    }

    @Override
    public void delete(ColumnFamilyHandle family, byte[] key) throws RocksDBException {
        try {
            access.delete(family, key);
        } catch (RocksDBException e) {
            throw checked(e);
        }
    }

    @Override
    public void deleteRange(ColumnFamilyHandle family, byte[] from, byte[] to) throws RocksDBException {
        access.deleteRange(family, from, to);
    }

    @Override
    public void putAll(RocksDBStore.ColumnFamilyAccessor families, List<KeyValue<Bytes, byte[]>> entries)
            throws RocksDBException {
        try {
            access.putAll(families, entries);
        } catch (RocksDBException e) {
            throw checked(e);
        }
    }

    @Override
    public long approximateNumEntries(ColumnFamilyHandle family) throws RocksDBException {
        return access.approximateNumEntries(family);
    }

    @Override
    public void flush(ColumnFamilyHandle... families) throws RocksDBException {
        try {
            access.flush(families);
        } catch (RocksDBException e) {
            throw checked(e);
        }
    }

    @Override
    public void reset() {
        access.reset();
    }

    @Override
    public void close() {
        access.close();
    }

    /// Takes over the native iterator of another one, which is not used or closed any longer.
    private final class CheckedIterator extends RocksIterator {
        private CheckedIterator(RocksIterator taken) {
            super(db, taken.getNativeHandle());
        }

        @Override
        public boolean isValid() {
            if (super.isValid()) {
                return true;
            }
            try {
                status();
                return false;
            } catch (RocksDBException e) {
                throw damage.met(task, store, e);
            }
        }
    }
}
