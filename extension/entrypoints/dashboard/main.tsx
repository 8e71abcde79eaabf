import { mount } from '../../ui/mount.tsx'
import { Dashboard } from '../../ui/screens/dashboard.tsx'

mount(<Dashboard />)
