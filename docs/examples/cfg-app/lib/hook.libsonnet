// Has Argo CD tell Jenkins that it has synchronised a target: a PostSync hook, for where it sends no notifications. Those
// are better, since they wait until the target is healthy and say which commit it is. The Secret gitops-waves in the
// namespace of the target has the text of Jenkins' credential deployed-secret as deployed-secret. It is a hint only, so
// that nothing fails where Jenkins is down.
function(wave, target, jenkins) {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name: 'tell-jenkins',
    annotations: {
      'argocd.argoproj.io/hook': 'PostSync',
      'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
    },
  },
  spec: {
    activeDeadlineSeconds: 300,
    backoffLimit: 0,
    template: {
      spec: {
        restartPolicy: 'Never',
        containers: [{
          name: 'curl',
          image: 'curlimages/curl:8.11.0',
          env: [{
            name: 'SECRET',
            valueFrom: { secretKeyRef: { name: 'gitops-waves', key: 'deployed-secret', optional: true } },
          }],
          command: ['sh', '-c', std.join(' ', [
            'curl -fsS --max-time 20 --retry 3 -H "Authorization: Bearer $SECRET" -H "Content-Type: application/json"',
            '-d \'{"application": "%s-%s"}\' %s/deployed/cfg-app/%s || true' % [wave, target, jenkins, wave],
          ])],
        }],
      },
    },
  },
}
