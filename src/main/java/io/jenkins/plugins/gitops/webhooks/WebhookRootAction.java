package io.jenkins.plugins.gitops.webhooks;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.UnprotectedRootAction;
import hudson.security.csrf.CrumbExclusion;
import io.jenkins.plugins.gitops.triggers.QueueingAnnouncementStarter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Serves the endpoints on a controller. It is unprotected since the senders of webhooks have no user there. */
@Extension
@Restricted(NoExternalUse.class)
public final class WebhookRootAction implements UnprotectedRootAction {

    private final EndpointRouter router = new EndpointRouter(new QueueingAnnouncementStarter());

    @Override
    @CheckForNull
    public String getIconFileName() {
        return null;
    }

    @Override
    @CheckForNull
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return EndpointRouter.ROOT;
    }

    /** Passes a request to its endpoint, which checks the permission or the secret that it needs. */
    public void doDynamic(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        WebResponse answer = router.answer(new WebRequest(
                request.getMethod(),
                request.getRestOfPath(),
                request.getQueryString(),
                request::getHeader,
                request.getInputStream(),
                String.valueOf(request.getRemoteAddr())));
        response.setStatus(answer.status());
        response.setContentType(answer.contentType());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    /** Lets requests to the paths of webhooks through without a crumb, and no others. */
    @Extension
    @Restricted(NoExternalUse.class)
    public static final class WebhookCrumbExclusion extends CrumbExclusion {

        @Override
        public boolean process(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String path = request.getPathInfo();
            String root = "/" + EndpointRouter.ROOT;
            if (path == null
                    || !path.startsWith(root)
                    || !EndpointRouter.isWebhookPath(path.substring(root.length()))) {
                return false;
            }
            chain.doFilter(request, response);
            return true;
        }
    }
}
