package hudson.util;

import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.converters.SingleValueConverter;
import com.thoughtworks.xstream.io.xml.DomDriver;
import com.thoughtworks.xstream.security.AnyTypePermission;
import hudson.model.Result;

/** Implemented: XStream with converters for {@link Secret} and {@link Result}. */
public class XStream2 extends XStream {
    public XStream2() {
        super(new DomDriver("UTF-8"));
        // All files that are read were written by the sandbox into its own home.
        addPermission(AnyTypePermission.ANY);
        registerConverter(new SecretConverter());
        registerConverter(Result.conv);
    }

    private static final class SecretConverter implements SingleValueConverter {
        @Override
        public boolean canConvert(Class type) {
            return type == Secret.class;
        }

        @Override
        public String toString(Object secret) {
            return ((Secret) secret).getEncryptedValue();
        }

        @Override
        public Object fromString(String encrypted) {
            return Secret.fromString(encrypted);
        }
    }
}
