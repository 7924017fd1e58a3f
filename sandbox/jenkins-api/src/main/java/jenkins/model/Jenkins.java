package jenkins.model;

import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Fingerprint;
import hudson.model.FingerprintMap;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.TopLevelItem;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import hudson.util.XStream2;
import java.io.File;
import java.io.IOException;
import java.util.List;
import org.springframework.security.core.Authentication;
import sandbox.RealController;

/** Implemented: root folder and jobs of the open {@link SandboxHome}, descriptors by class. */
public class Jenkins implements ItemGroup<TopLevelItem>, AccessControlled {
    public static final XStream2 XSTREAM2 = new XStream2();
    // Never checked: the user that runs the sandbox has all permissions.
    public static final Permission ADMINISTER = new Permission(null, "Administer", null, null, null);
    public static final Permission SYSTEM_READ = null;

    private final FingerprintMap fingerprintMap = new FingerprintMap();
    private final SandboxHome home;

    Jenkins(SandboxHome home) {
        this.home = home;
    }

    public static Jenkins get() throws IllegalStateException {
        return SandboxHome.current().jenkins();
    }

    public static Jenkins getInstanceOrNull() {
        return SandboxHome.isOpen() ? SandboxHome.current().jenkins() : null;
    }

    public static Authentication getAuthentication2() {
        throw RealController.needed();
    }

    public Descriptor getDescriptor(Class<? extends Describable> type) {
        for (Descriptor<?> descriptor : ExtensionList.lookup(Descriptor.class)) {
            if (descriptor.clazz == type) {
                return descriptor;
            }
        }
        return null;
    }

    public Descriptor getDescriptorOrDie(Class<? extends Describable> type) {
        Descriptor<?> found = getDescriptor(type);
        if (found == null) {
            throw new AssertionError(type + " is missing its descriptor");
        }
        return found;
    }

    public FingerprintMap getFingerprintMap() {
        return fingerprintMap;
    }

    public Fingerprint _getFingerprint(String md5sum) throws IOException {
        return fingerprintMap.get(md5sum);
    }

    /** The sandbox has no other level. */
    public InitMilestone getInitLevel() {
        return InitMilestone.COMPLETED;
    }

    public String getRootUrl() throws IllegalStateException {
        return home.rootUrl();
    }

    @Override
    public File getRootDir() {
        return home.folder().toFile();
    }

    @Override
    public List<TopLevelItem> getItems() {
        throw RealController.needed();
    }

    public Item getItemByFullName(String fullName) {
        return home.job(fullName);
    }

    @Override
    public String getFullName() {
        return "";
    }

    @Override
    public String getDisplayName() {
        return "Jenkins";
    }

    @Override
    public String getUrl() {
        return "";
    }

    @Override
    public void save() throws IOException {
        throw RealController.needed();
    }
}
