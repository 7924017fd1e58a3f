package io.jenkins.plugins.gitops.pages;

import io.jenkins.plugins.gitops.common.Json;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The texts of the live page's script, from {@code PageTexts.properties}. */
@Restricted(NoExternalUse.class)
public final class PageTexts {

    private static final ResourceBundle.Control NO_FALLBACK =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private PageTexts() {}

    /** All texts by their keys as JSON, in the given language, or in English where that is missing. */
    public static String json(Locale locale) {
        ResourceBundle bundle = ResourceBundle.getBundle(
                PageTexts.class.getName(), locale, PageTexts.class.getClassLoader(), NO_FALLBACK);
        Map<String, String> texts = new TreeMap<>();
        bundle.keySet().forEach(key -> texts.put(key, bundle.getString(key)));
        return Json.write(texts);
    }
}
