package jenkins.util;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** Living. */
public class SystemProperties {
    private SystemProperties() {}

    @CheckForNull
    public static String getString(String key) {
        return System.getProperty(key);
    }

    public static String getString(String key, @CheckForNull String def) {
        return System.getProperty(key, def);
    }

    public static boolean getBoolean(String name) {
        return Boolean.getBoolean(name);
    }

    @CheckForNull
    public static Integer getInteger(String name) {
        return Integer.getInteger(name);
    }

    public static Integer getInteger(String name, Integer def) {
        return Integer.getInteger(name, def);
    }
}
