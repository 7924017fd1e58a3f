package hudson.model;

import java.io.File;
import java.io.IOException;
import sandbox.RealController;

/** Implemented: a name. Folders are not items here, so a name may contain slashes. */
public abstract class AbstractItem extends Actionable implements Item {
    private final transient ItemGroup<?> parent;
    private final transient String name;

    protected AbstractItem(ItemGroup parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getDisplayName() {
        return name;
    }

    @Override
    public File getRootDir() {
        return new File(parent.getRootDir(), "jobs/" + name.replace("/", "/jobs/"));
    }

    @Override
    public ItemGroup getParent() {
        return parent;
    }

    @Override
    public final String getFullName() {
        return parent.getFullName().isEmpty() ? name : parent.getFullName() + "/" + name;
    }

    @Override
    public final String getFullDisplayName() {
        return getFullName().replace("/", " » ");
    }

    @Override
    public final String getUrl() {
        return parent.getUrl() + "job/" + name.replace("/", "/job/") + "/";
    }

    @Override
    public void save() throws IOException {
        throw RealController.needed();
    }
}
