/** What every source's port answers, live or on demand: the file to give away, and figures, the public ones without addresses. */
import { metricsText } from '@tstream/command-line';
import { answerBody, answerJson, type Route } from '@tstream/peer-net';

/** A file that anybody may take. */
export interface PublicFile {
  readonly name: string;
  readonly type: string;
  /** Undefined before it is made. */
  readonly bytes: () => Uint8Array | undefined;
  /** When to ask again then, seconds. */
  readonly retryAfterS: number;
}

/** @param prefix - Of the names in `/metrics`. @param help - What each figure that is told there means. */
export function figureRoutes<Figures extends { readonly neighbours: unknown }>(
  figures: () => Figures | undefined,
  prefix: string,
  help: Readonly<Record<string, string>>,
): Route[] {
  return [
    {
      path: '/status.json',
      access: 'anyone',
      answer: (_request, response) => answerJson(response, withoutAddresses(figures())),
    },
    { path: '/stats.json', access: 'local', answer: (_request, response) => answerJson(response, figures() ?? {}) },
    {
      path: '/metrics',
      access: 'local',
      answer: (_request, response) => {
        metricsText(prefix, { ...figures() }, help).then(
          ({ type, text }) => answerBody(response, type, text),
          () => response.writeHead(500).end(),
        );
      },
    },
  ];
}

export function fileRoute({ name, type, bytes, retryAfterS }: PublicFile): Route {
  return {
    path: `/${encodeURIComponent(name)}`,
    access: 'anyone',
    answer: (_request, response) => {
      const content = bytes();
      if (!content) return void response.writeHead(503, { 'retry-after': `${retryAfterS}` }).end();
      response.setHeader('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
      // Anybody's page may offer this file: it is public and says so.
      response.setHeader('access-control-allow-origin', '*');
      answerBody(response, type, content);
    },
  };
}

/** Who watches or downloads is nobody's business. */
function withoutAddresses(figures: { readonly neighbours: unknown } | undefined): object {
  if (!figures) return {};
  const { neighbours: _addresses, ...rest } = figures;
  return rest;
}
