package hudson.model;

import hudson.util.KeyedDataStorage;
import java.io.IOException;

/** Implemented: accepts keys of 32 hexadecimal digits only, as Jenkins does. */
public final class FingerprintMap extends KeyedDataStorage<Fingerprint, FingerprintMap.FingerprintParams> {
    public synchronized Fingerprint getOrCreate(Run build, String fileName, String md5sum) throws IOException {
        if (!md5sum.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException(md5sum);
        }
        return super.getOrCreate(md5sum, new FingerprintParams(fileName));
    }

    @Override
    protected Fingerprint create(String md5sum, FingerprintParams createParams) {
        return new Fingerprint(createParams.fileName);
    }

    static class FingerprintParams {
        final String fileName;

        FingerprintParams(String fileName) {
            this.fileName = fileName;
        }
    }
}
