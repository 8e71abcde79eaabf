import { mount } from '../../ui/mount.tsx'
import { Welcome } from '../../ui/screens/welcome.tsx'

mount(<Welcome />)
