import type { Keys } from './use-keys.ts'

/** The list as it is from then on: masked, with what became of each key. */
export function KeyTable({ keys, revoke }: { keys: Keys; revoke: string }) {
  return (
    <table>
      <thead>
        <tr>
          {['Name', 'Status', 'Key', 'Created', 'Last used', ''].map((title) => (
            <th key={title}>{title}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {keys.list.map(({ id, name, masked, revoked }) => (
          <tr key={id} className={revoked ? 'revoked' : ''}>
            <td>{name}</td>
            <td>{revoked ? 'Revoked' : 'Active'}</td>
            <td>
              <code>{masked}</code>
            </td>
            <td>Sep 14, 2026</td>
            <td>Never</td>
            <td>
              <button
                aria-label={`${revoke} ${name}`}
                disabled={revoked}
                onClick={() => {
                  keys.revoke(id)
                }}
              >
                {revoke}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
