package io.jenkins.plugins.gitops.configuration.gates;

import com.fasterxml.jackson.core.JsonPointer;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.common.Durations;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.MalformedJsonException;
import io.jenkins.plugins.gitops.configuration.base.CredentialTypes;
import io.jenkins.plugins.gitops.configuration.base.FieldRules;
import io.jenkins.plugins.gitops.configuration.base.FormAccess;
import io.jenkins.plugins.gitops.configuration.base.NamedSystemDefinition;
import io.jenkins.plugins.gitops.remote.AddressForm;
import io.jenkins.plugins.gitops.remote.RemoteAddress.Protocol;
import io.jenkins.plugins.gitops.waves.GateRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A question to another system before a promotion, as configured. */
@Restricted(NoExternalUse.class)
public final class GateDefinition extends NamedSystemDefinition implements Describable<GateDefinition> {

    private static final String DEFAULT_EVERY = "60s";
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    private static final AddressForm FORM = new AddressForm(
            Set.of(Protocol.HTTPS, Protocol.HTTP),
            "https://incidents.example.com/open",
            "take them out, and name a secret text with credentialsId.",
            true);

    private static final Pattern PLACE_IN_HOST = Pattern.compile("[^/?]*+//[^/?{]*+\\{");

    @CheckForNull
    private String body;

    @CheckForNull
    private String pointer;

    @CheckForNull
    private String value;

    /** Null for the default. */
    @CheckForNull
    private String every;

    /**
     * Names the gate and what is asked.
     *
     * @param url with the places {@code {repo}}, {@code {wave}}, {@code {set}}, {@code {revision}} and {@code
     *     {identity}}
     */
    @DataBoundConstructor
    public GateDefinition(String name, String url) {
        super(name, url);
    }

    @CheckForNull
    public String getBody() {
        return body;
    }

    @DataBoundSetter
    public void setBody(@CheckForNull String body) {
        this.body = Util.fixEmptyAndTrim(body);
    }

    @CheckForNull
    public String getPointer() {
        return pointer;
    }

    @DataBoundSetter
    public void setPointer(@CheckForNull String pointer) {
        this.pointer = Util.fixEmptyAndTrim(pointer);
    }

    @CheckForNull
    public String getValue() {
        return value;
    }

    @DataBoundSetter
    public void setValue(@CheckForNull String value) {
        this.value = Util.fixEmptyAndTrim(value);
    }

    public String getEvery() {
        return FieldRules.orDefault(every, DEFAULT_EVERY);
    }

    @DataBoundSetter
    public void setEvery(@CheckForNull String every) {
        String given = Util.fixEmptyAndTrim(every);
        this.every = DEFAULT_EVERY.equals(given) ? null : given;
    }

    /** The values of all fields, by which two definitions are compared. */
    public List<Object> identity() {
        return Arrays.asList(
                getName(), getUrl(), getCredentialsId(), body, pointer, value, getEvery(), isAllowInsecure());
    }

    /**
     * Converts the definition.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong and what to do
     */
    public GateRule toRule() {
        String name = getName();
        String url = getUrl();
        if (name == null || url == null || pointer == null || value == null) {
            throw new IllegalArgumentException("one needs name, url, pointer and value, such as {name: incidents,"
                    + " url: \"https://incidents.example.com/open\", pointer: /count, value: \"0\"}.");
        }
        Optional<String> unusable = FieldRules.name(name);
        if (unusable.isPresent()) {
            throw new IllegalArgumentException("the name " + unusable.get());
        }
        Optional<String> address = addressProblem(url, isAllowInsecure());
        if (address.isPresent()) {
            throw new IllegalArgumentException("url of " + name + " " + address.get());
        }
        try {
            JsonPointer.compile(pointer);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("pointer of " + name
                    + " is not a JSON Pointer: begin with a slash, and name the fields down to the value, such as"
                    + " /status/state.");
        }
        if (body != null) {
            try {
                Json.parse(body);
            } catch (MalformedJsonException e) {
                throw new IllegalArgumentException(
                        "body of " + name + " " + e.getMessage() + "; places such as {wave} stand in texts in quotes.");
            }
        }
        Duration interval = FieldRules.duration("every of " + name, getEvery());
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "every of " + name + " is shorter than " + Durations.format(SHORTEST) + "; ask less often.");
        }
        return new GateRule(
                name,
                url,
                Optional.ofNullable(getCredentialsId()),
                Optional.ofNullable(body),
                pointer,
                value,
                interval);
    }

    /** Why an address cannot be used: its path is looked at with the facts filled in, its query as it is. */
    private static Optional<String> addressProblem(String url, boolean allowInsecure) {
        String filled = url.replaceAll("\\{(repo|wave|set|revision|identity)}", "x");
        if (filled.indexOf('{') >= 0 || filled.indexOf('}') >= 0 || filled.indexOf('#') >= 0) {
            return Optional.of("has a brace or a number sign that stands for nothing; there are {repo}, {wave}, {set},"
                    + " {revision} and {identity}.");
        }
        if (PLACE_IN_HOST.matcher(url).lookingAt()) {
            return Optional.of("has a place in its host, by which the secret could reach another one; use places behind"
                    + " the host.");
        }
        int query = filled.indexOf('?');
        if (query >= 0 && AddressForm.webPage(filled).isEmpty()) {
            return Optional.of("has a query that is none; encode what is not a letter or digit by percent signs.");
        }
        return FORM.problem(query < 0 ? filled : filled.substring(0, query), allowInsecure);
    }

    /** The form of one gate. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<GateDefinition> {

        @Override
        public String getDisplayName() {
            return Messages.GateDefinition_DisplayName();
        }

        /** Checks that the name can be used. */
        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return FormAccess.checkRequired(value, FieldRules::name);
        }

        /** Checks that this can be asked. */
        @POST
        public FormValidation doCheckUrl(@QueryParameter String value, @QueryParameter boolean allowInsecure) {
            return FormAccess.checkRequired(value, given -> addressProblem(given, allowInsecure));
        }

        /** Offers the stored secrets. */
        @POST
        public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String credentialsId) {
            return FormAccess.credentialsItems(item, credentialsId, null, CredentialTypes.SECRET_TEXT);
        }

        /** Warns if there is no such secret. */
        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value) {
            return FormAccess.checkCredentials(
                    value, null, CredentialTypes.SECRET_TEXT, Messages::GateDefinition_NoSecret);
        }

        /** Checks that this is a JSON Pointer. */
        @POST
        public FormValidation doCheckPointer(@QueryParameter String value) {
            return check(value, gate -> gate.setPointer(value));
        }

        /** Checks that this is a duration that is long enough. */
        @POST
        public FormValidation doCheckEvery(@QueryParameter String value) {
            return check(value, gate -> gate.setEvery(value));
        }

        private static FormValidation check(String value, Consumer<GateDefinition> change) {
            if (Util.fixEmptyAndTrim(value) == null) {
                return FormValidation.ok();
            }
            var gate = new GateDefinition("this", "https://example.com/");
            gate.setPointer("/x");
            gate.setValue("x");
            change.accept(gate);
            return FormAccess.checkConversion(gate::toRule, sentence -> sentence.replace(" of this", ""));
        }
    }
}
