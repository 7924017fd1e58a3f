// The Kubernetes objects of one web service. The image is a full reference with its digest.
function(name, image, replicas) [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: name },
    spec: {
      replicas: replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [{
            name: name,
            image: image,
            ports: [{ containerPort: 8080 }],
            resources: {
              requests: { cpu: '10m', memory: '32Mi' },
              limits: { memory: '64Mi' },
            },
          }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: name },
    spec: {
      selector: { app: name },
      ports: [{ port: 80, targetPort: 8080 }],
    },
  },
]
