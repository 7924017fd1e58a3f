package io.jenkins.plugins.gitops.pages;

import hudson.Util;
import hudson.model.ModelObject;
import io.jenkins.plugins.gitops.common.GitOpsException;
import io.jenkins.plugins.gitops.common.Json;
import io.jenkins.plugins.gitops.common.RequestRefused;
import io.jenkins.plugins.gitops.configuration.RepositoryDefinition;
import io.jenkins.plugins.gitops.configuration.base.RepositoryPower;
import io.jenkins.plugins.gitops.gates.SetApprover;
import io.jenkins.plugins.gitops.triggers.QueueingPromotionStarter;
import io.jenkins.plugins.gitops.webhooks.EndpointRouter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import jenkins.model.Jenkins;
import org.jvnet.localizer.LocaleProvider;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.POST;

/** {@code /waves/<repo>/}: the live page of a config repository, and the endpoints of its buttons. */
@Restricted(NoExternalUse.class)
public final class RepositoryPage implements ModelObject {

    private final WavesPage all;
    private final RepositoryDefinition repository;
    private final String name;
    private final WaveActions actions = new WaveActions(new QueueingPromotionStarter());

    RepositoryPage(WavesPage all, RepositoryDefinition repository) {
        this.all = all;
        this.repository = repository;
        this.name = Util.fixNull(repository.getName());
    }

    /** The action of a button. */
    private interface ButtonAction {
        String run(WaveActions.DialogInput input) throws GitOpsException;
    }

    @Override
    public String getDisplayName() {
        return name;
    }

    /** The names of all repositories, as JSON. */
    public String getRepositories() { // jelly access only
        return Json.write(all.getRepositories());
    }

    /** The path of the state, without the context path. */
    public String getStatePath() { // jelly access only
        return "/" + EndpointRouter.ROOT + "/state/" + name;
    }

    /** The texts of the page in the user's language, as JSON. */
    public String getTexts() { // jelly access only
        return PageTexts.json(LocaleProvider.getLocale());
    }

    /** The id of the user, by which the page knows the user's own approvals. */
    public String getUser() { // jelly access only
        return Jenkins.getAuthentication2().getName();
    }

    public boolean isMayHold() { // jelly access only
        return repository.permits(RepositoryPower.HOLD);
    }

    public boolean isMayPromote() { // jelly access only
        return repository.permits(RepositoryPower.PROMOTE);
    }

    public boolean isMayApprove() { // jelly access only
        return repository.permits(RepositoryPower.APPROVE);
    }

    /** Holds a wave. */
    @POST
    public void doHold(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.HOLD, actions::hold, request, response);
    }

    /** Releases a wave. */
    @POST
    public void doRelease(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.RELEASE, actions::release, request, response);
    }

    /** Rejects images. */
    @POST
    public void doReject(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.REJECT, actions::reject, request, response);
    }

    /** Takes the rejection of images back. */
    @POST
    public void doAccept(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.ACCEPT, actions::accept, request, response);
    }

    /** Approves a set as the user. */
    @POST
    public void doApprove(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.APPROVE, actions::approve, request, response);
    }

    /** Takes the user's approval of a set back. */
    @POST
    public void doWithdraw(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.APPROVE, actions::withdraw, request, response);
    }

    /** Has verifications done again. */
    @POST
    public void doVerify(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.VERIFY, actions::verify, request, response);
    }

    /** Starts a promotion. */
    @POST
    public void doPromote(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.PROMOTE, actions::promote, request, response);
    }

    /** Starts a rollback. */
    @POST
    public void doRollback(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.ROLL_BACK, actions::rollback, request, response);
    }

    /** Previews a rollback. */
    @POST
    public void doPreview(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        answer(RepositoryPower.ROLL_BACK, actions::preview, request, response);
    }

    private void answer(RepositoryPower power, ButtonAction action, StaplerRequest2 request, StaplerResponse2 response)
            throws IOException {
        if (!repository.permits(power)) {
            power.checkPermission();
        }
        String answer;
        try {
            answer = action.run(new WaveActions.DialogInput(
                    name, request::getParameter, SetApprover.Person.of(Jenkins.getAuthentication2())));
        } catch (RequestRefused e) {
            response.setStatus(HttpServletResponse.SC_CONFLICT);
            answer = e.getMessage();
        } catch (GitOpsException e) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            answer = e.getMessage();
        }
        response.setContentType("text/plain;charset=utf-8");
        response.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    }
}
