import { mount } from '../../ui/mount.tsx'
import { Popup } from '../../ui/screens/popup.tsx'

mount(<Popup />)
