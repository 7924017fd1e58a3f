package io.jenkins.plugins.gitops.pages;

import io.jenkins.plugins.gitops.common.Json;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeMap;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What the script of the live page says, from {@code PageTexts.properties}. */
@Restricted(NoExternalUse.class)
public final class PageTexts {

    private static final ResourceBundle.Control NO_FALLBACK =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private PageTexts() {}

    /** All texts by their keys, in a language or else in English, as JSON. */
    public static String json(Locale locale) {
        ResourceBundle bundle = ResourceBundle.getBundle(
                PageTexts.class.getName(), locale, PageTexts.class.getClassLoader(), NO_FALLBACK);
        Map<String, String> texts = new TreeMap<>();
        bundle.keySet().forEach(key -> texts.put(key, bundle.getString(key)));
        return Json.write(texts);
    }
}
